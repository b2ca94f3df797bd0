import { Kind } from 'graphql';
import { HubError } from '../lib/errors.ts';
import { directive } from './directives.ts';
import type { ParsedSubgraph } from './documents.ts';
import type { PolicyTable } from './policy-table.ts';

/** What only who keeps the rows of a type says of it. */
const KEEPING = ['resource', 'scopedBy', 'personal'];

/**
 * Refuses what a department says of rows that another one keeps: that they are a resource, scoped or personal, and the class of an
 * item that their keeper left unclassified and so closed, such as a key of which others hold a stub.
 * @throws HubError POLICY_CONFLICT with the one who has to say it.
 */
export function refuseTakenRows(subgraphs: readonly ParsedSubgraph[], { items }: PolicyTable): void {
  const types = subgraphs.flatMap(({ name, owner, definitions }) =>
    definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION
        ? [
            {
              type: node.name.value,
              subgraph: name,
              owner,
              directives: node.directives ?? [],
              fields: node.fields ?? [],
            },
          ]
        : [],
    ),
  );
  const kept = types.filter(({ directives }) => KEEPING.some((name) => directive(directives, name)));
  for (const { type, subgraph, owner, directives: ofType, fields } of kept) {
    const other = kept.find((each) => each.type === type && each.owner !== owner);
    if (other)
      throw conflict(
        `${type} is @${KEEPING.join(', @')} in ${subgraph} and in ${other.subgraph}: one department keeps its rows. Leave these out of the other.`,
      );
    if (directive(ofType, 'sharing')) continue;
    for (const { name, directives = [] } of fields) {
      const item = items.get(`${type}.${name.value}`);
      const left = !directive(directives, 'sharing') && !directive(directives, 'external');
      if (!left || item?.class === undefined || item.owner === owner) continue;
      throw conflict(
        `${item.coordinate} is classified by ${item.owner} in ${item.subgraph}, and ${owner} keeps the rows: classify it in ${subgraph}.`,
      );
    }
  }
}

function conflict(problem: string): HubError {
  return new HubError('POLICY_CONFLICT', problem);
}
