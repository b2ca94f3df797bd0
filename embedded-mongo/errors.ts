/** What a command answers when it cannot do what it was asked: MongoDB's error codes, so that drivers react as they do to MongoDB. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  /** Further fields of the reply, such as `keyPattern` and `keyValue` of a duplicate key. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: number, codeName: string, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.codeName = codeName;
    this.extra = extra;
  }
}

export const badValue = (message: string): CommandError => new CommandError(2, 'BadValue', message);
export const typeMismatch = (message: string): CommandError => new CommandError(14, 'TypeMismatch', message);
export const noSuchCollection = (ns: string): CommandError =>
  new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${ns}`);

/** The refusal of something MongoDB has and this store has not. Naming it is the promise that no answer is silently wrong. */
export const unsupported = (what: string): CommandError =>
  new CommandError(
    115,
    'CommandNotSupported',
    `${what} is not supported by the embedded store: set MONGODB_URL to use a MongoDB server`,
  );

export class WriteConflict extends CommandError {
  constructor() {
    super(
      112,
      'WriteConflict',
      'Another operation has written the same documents since this transaction began: retry it',
    );
  }
}
