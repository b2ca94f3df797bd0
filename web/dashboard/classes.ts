import { type Figure, valueOf } from './figure.ts';

/** A colour class: the shown numbers from one to another, both of them shown. */
export interface Class {
  /** 1 for the smallest numbers. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

/** More are hard to tell apart on a map. */
const MOST_CLASSES = 5;

/**
 * Colour classes with about equally many divisions each. They are made of shown numbers alone: a bound never lies where a hidden
 * number would put it.
 */
export function classesOf(figures: readonly Figure[]): readonly Class[] {
  const values = [...new Set(figures.flatMap((figure) => valueOf(figure) ?? []))].sort((left, right) => left - right);
  const count = Math.min(MOST_CLASSES, values.length);
  return Array.from({ length: count }, (_, index) => {
    const part = values.slice(
      Math.floor((index * values.length) / count),
      Math.floor(((index + 1) * values.length) / count),
    );
    return { number: index + 1, from: part[0] ?? 0, to: part.at(-1) ?? 0 };
  });
}

/** The class of a number; undefined where it is not shown. */
export function classOf(figure: Figure, classes: readonly Class[]): Class | undefined {
  const value = valueOf(figure);
  return value === undefined ? undefined : classes.find(({ from, to }) => from <= value && value <= to);
}
