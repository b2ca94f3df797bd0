import { archiveItems } from './archive-items.ts';
import { complaints } from './complaints.ts';
import { documents } from './documents.ts';
import { legalPersons } from './legal-persons.ts';
import { observations } from './observations.ts';
import { parcels } from './parcels.ts';
import { persons } from './persons.ts';
import type { Resource } from './resource.ts';

/** Everything that can be imported, by name. */
export const resources: ReadonlyMap<string, Resource> = new Map(
  [persons, legalPersons, parcels, observations, archiveItems, documents, complaints].map((resource) => [
    resource.name,
    resource,
  ]),
);
