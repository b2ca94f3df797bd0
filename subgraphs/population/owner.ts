/** Department code of the owner of the population register. */
export const OWNER = 'public-security';
