/** Department code of the office that runs the hotline. */
export const OWNER = 'government-hotline';
