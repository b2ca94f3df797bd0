/** An item as the page of its resource shows it. */
export interface ResourceItem {
  readonly coordinate: string;
  readonly field: string;
  readonly owner: string;
  readonly class: string;
  readonly basis: string | null;
  readonly mask: string | null;
  readonly personal: boolean;
  readonly uses: readonly string[];
  readonly description: string | null;
  readonly deprecated: string | null;
  readonly mayISee: {
    readonly access: string;
    readonly mask: string | null;
    readonly reason: string | null;
    readonly until: string | null;
    readonly howToApply: string | null;
  };
}
