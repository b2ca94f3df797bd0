/** Department code of the owner of the archives. */
export const OWNER = 'archives-bureau';
