/** The places a path of an update stands for, positional operators included. */
import type { Variables } from '../aggregation/expression.ts';
import { badValue, CommandError } from '../errors.ts';
import { type Document, getField, isDocument, isOperators, setField } from '../values/document.ts';
import { compileFilter } from './filter.ts';
import { itemTests } from './matched-item.ts';

/** Where a change is made: a field of a document or an item of an array. */
export type Place = {
  get(): unknown;
  set(value: unknown): void;
  remove(): void;
  readonly name: string;
};
export type Change = (place: Place) => void;

export type PathOptions = {
  /** What found the document; says which item `$` stands for. */
  readonly filter: Document;
  readonly arrayFilters?: readonly unknown[] | undefined;
  readonly variables?: Variables | undefined;
};

export class UpdatePaths {
  private readonly filter: Document;
  private readonly named = new Map<string, (item: unknown) => boolean>();
  /** Which item `$` stands for in each array, found before the first change: a change may undo the match. */
  private readonly positions = new Map<string, number>();
  private readonly unused: Set<string>;

  constructor({ filter, arrayFilters = [], variables }: PathOptions) {
    this.filter = filter;
    const byName = new Map<string, Document[]>();
    for (const arrayFilter of arrayFilters) {
      if (!isDocument(arrayFilter)) throw badValue('each of arrayFilters must be an object');
      const name = nameIn(arrayFilter);
      byName.set(name, [...(byName.get(name) ?? []), arrayFilter]);
    }
    for (const [name, filters] of byName) {
      const test = compileFilter({ $and: filters }, variables);
      this.named.set(name, (item) => test({ [name]: item }));
    }
    this.unused = new Set(byName.keys());
  }

  /** Makes a change at each place a path stands for; without `create`, a place that is not there is passed over. */
  visit(document: Document, path: string, create: boolean, change: Change): void {
    const parts = path.split('.');
    if (parts.includes(''))
      throw new CommandError(56, 'EmptyFieldName', `The update path '${path}' contains an empty field name.`);
    this.descend(document, parts, { create, change }, 0);
  }

  /** @throws CommandError when a named array filter stood for nothing in the update. */
  checkAllUsed(): void {
    const [name] = this.unused;
    if (name !== undefined)
      throw new CommandError(
        9,
        'FailedToParse',
        `The array filter for identifier '${name}' was not used in the update`,
      );
  }

  private descend(node: unknown, parts: readonly string[], how: { create: boolean; change: Change }, at: number): void {
    const part = parts[at] ?? '';
    const isLast = at === parts.length - 1;
    if (part === '$' || part.startsWith('$[')) {
      const { items, indexes } = this.chosen(node, parts, at);
      for (const i of indexes) {
        if (isLast) how.change(itemPlace(items, i));
        else this.descend(items[i], parts, how, at + 1);
      }
      return;
    }
    const place = placeIn(node, part);
    if (!place) {
      if (!how.create) return;
      throw new CommandError(28, 'PathNotViable', `Cannot create field '${part}' in element '${parts[at - 1] ?? ''}'`);
    }
    if (isLast) {
      how.change(place);
      return;
    }
    if (place.get() === undefined) {
      if (!how.create) return;
      place.set({});
    }
    this.descend(place.get(), parts, how, at + 1);
  }

  private chosen(node: unknown, parts: readonly string[], at: number): { items: unknown[]; indexes: number[] } {
    const part = parts[at] ?? '';
    const path = parts.slice(0, at).join('.');
    if (!Array.isArray(node))
      throw badValue(`The path '${path}' must exist in the document in order to apply array updates.`);
    const items: unknown[] = node;
    if (part === '$') {
      const position = this.positions.get(path) ?? positionOf(items, path, this.filter);
      this.positions.set(path, position);
      return { items, indexes: [position] };
    }
    const name = part.slice(2, -1);
    const test = name === '' ? () => true : this.named.get(name);
    if (!test) throw badValue(`No array filter found for identifier '${name}' in path '${parts.join('.')}'`);
    this.unused.delete(name);
    return { items, indexes: items.flatMap((item, i) => (test(item) ? [i] : [])) };
  }
}

function placeIn(node: unknown, part: string): Place | undefined {
  if (Array.isArray(node)) return /^\d+$/.test(part) ? itemPlace(node, Number(part)) : undefined;
  if (!isDocument(node)) return undefined;
  return {
    name: part,
    get: () => getField(node, part),
    set: (value) => setField(node, part, value),
    remove: () => Reflect.deleteProperty(node, part),
  };
}

/** An array is filled up with null as far as a place beyond its end. A removed item becomes null. */
function itemPlace(items: unknown[], index: number): Place {
  return {
    name: String(index),
    get: () => items[index],
    set: (value) => {
      if (index > items.length + 1_500_000) throw badValue(`cannot fill an array up to position ${index}`);
      while (items.length < index) items.push(null);
      items[index] = value;
    },
    remove: () => {
      if (index < items.length) items[index] = null;
    },
  };
}

/** Which item of the array made the document match. */
function positionOf(items: readonly unknown[], path: string, filter: Document): number {
  const tests = itemTests(filter, path);
  const all = items.findIndex((item) => tests.every((test) => test(item)));
  const found = tests.length === 0 ? -1 : all >= 0 ? all : items.findIndex((item) => tests.some((test) => test(item)));
  if (found < 0) throw badValue('The positional operator did not find the match needed from the query.');
  return found;
}

function nameIn(arrayFilter: Document): string {
  const [[key, value] = ['', null]] = Object.entries(arrayFilter);
  if (!key.startsWith('$')) return key.split('.')[0] ?? '';
  const [first] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!isDocument(first) || isOperators(first)) throw badValue('an array filter must name an identifier');
  return nameIn(first);
}
