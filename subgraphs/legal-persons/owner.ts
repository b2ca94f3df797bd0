/** Department code of the owner of the register of legal persons. */
export const OWNER = 'market-regulation';
