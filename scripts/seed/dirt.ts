/**
 * Deliberate dirt, as real registers have it, at stated rates: a hub that only ever meets clean data has not been tried.
 * Everything else in the generated data is valid, and every reference resolves.
 */
export const dirt = {
  /** Share of persons entered a second time under their 15-digit number of before 1999, with a reference of its own. */
  duplicatePersons: 0.005,
  /** Share of persons whose record still carries an abolished code: 532331 (禄丰县, to 2021) or 532321 (楚雄县, to 1983). */
  abolishedDivisions: 0.01,
  /** Share of persons with ethnic group, marital status or education missing. */
  missingFields: 0.005,
  /** Share of registered professionals employed at two places at once (挂靠): the earlier employment was never ended. */
  overlappingEmployments: 0.01,
  /** Share of archived items whose title lost its spacing and brackets to an older system (full-width, doubled blanks). */
  untidyTitles: 0.01,
} as const;

/**
 * A real defect of a published report: ten parts that add up to 1,510 under a stated total of 1,515. The parts are the
 * ten counties' values of the indicator `GK001` for 2010, the total is the prefecture's.
 */
export const reconciliationDefect = {
  indicator: 'GK001',
  period: '2010',
  parts: [150, 227, 43, 125, 382, 249, 128, 94, 60, 52],
  statedTotal: 1515,
} as const;
