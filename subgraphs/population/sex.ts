/** GB/T 2261.1 codes and the names the schema gives them. */
export const SEX: Readonly<Record<string, string>> = { '0': 'UNKNOWN', '1': 'MALE', '2': 'FEMALE', '9': 'UNSPECIFIED' };

/** The code of a name, for filters. */
export const SEX_CODE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SEX).map(([code, name]) => [name, code]),
);
