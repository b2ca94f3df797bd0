/** Department code of the owner of the cadastre. */
export const OWNER = 'natural-resources';
