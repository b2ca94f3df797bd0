export type StartErrorCode =
  /** Another process, or another part of this one, has the store open. */
  | 'IN_USE'
  /** No process has the store open. */
  | 'NOT_RUNNING'
  /** The file is of a newer version, or not a store at all. */
  | 'FORMAT'
  | 'CANNOT_START'
  | 'CRASHED';

/** Why a store could not be started or found, in a sentence that says what to do. */
export class EmbeddedMongoError extends Error {
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string) {
    super(message);
    this.name = 'EmbeddedMongoError';
    this.code = code;
  }
}
