/** How the hub's own collections are declared: nothing is built or added that a schema does not name. */
export const stored = { autoIndex: false, autoCreate: false, versionKey: false, id: false, minimize: false } as const;
export const text = { type: String, required: true } as const;
export const date = { type: Date, required: true } as const;

/** Whether a document could not be stored because its key is taken. */
export function isTaken(thrown: unknown): boolean {
  return (thrown as { readonly code?: unknown }).code === 11_000;
}
