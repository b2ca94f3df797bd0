import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { HubError, messageOf } from '../../lib/errors.ts';
import { print, printJson, printTable, withExamples } from '../command-line.ts';
import {
  allItems,
  allResources,
  item,
  type Item,
  ITEM_FIELDS,
  resource,
  type Resource,
  RESOURCE_FIELDS,
} from './catalogue-read.ts';
import { count, endpoint, type EndpointOptions, pageOf, printPage, withEndpointOptions } from './request-endpoint.ts';

interface ListOptions extends EndpointOptions {
  readonly search?: string;
  readonly owner?: string;
  readonly resource?: string;
  readonly class?: string;
  readonly items?: true;
  readonly first: number;
}

interface ExportOptions extends EndpointOptions {
  readonly format: 'dcat-ap' | 'csv';
  readonly out?: string;
  readonly bom?: true;
  readonly all?: true;
  readonly base?: string;
}

/** `hub catalogue`: what there is to ask for. */
export function catalogueCommand(): Command {
  const command = new Command('catalogue').description(
    'the catalogue of resources and items: what there is to ask for',
  );
  const list = new Command('list')
    .description('the resources, or by --items their items')
    .option('--search <text>', 'a part of a title, description, code or coordinate')
    .option('--owner <department>', 'only those of this department')
    .option('--items', 'items in place of resources')
    .option('--resource <type>', 'only items of this type')
    .addOption(new Option('--class <class>', 'only items of it').choices(['UNCONDITIONAL', 'CONDITIONAL', 'WITHHELD']))
    .option('--first <number>', 'how many, 200 at most', count, 50)
    .action(listCatalogue);
  const show = new Command('show')
    .description('one resource with its items, or one item with what you may see of it')
    .argument('<name>', 'a type, a resource code, or Type.field')
    .action(showOne);
  const write = new Command('export')
    .description('the whole catalogue, for other catalogues and spreadsheets')
    .addOption(
      new Option('--format <format>', 'DCAT-AP 3 as JSON-LD, or CSV').choices(['dcat-ap', 'csv']).makeOptionMandatory(),
    )
    .option('--out <file>', 'write it there; standard output when absent')
    .option('--bom', 'csv: begin with a byte order mark, as spreadsheet programs want it')
    .option('--all', 'csv: items of types that are no resources, too, such as root fields')
    .option('--base <iri>', 'dcat-ap: IRI of the endpoint as others know it; its URL when absent', baseOf)
    .action(exportAll);
  for (const each of [list, show, write]) command.addCommand(withEndpointOptions(each));
  return withExamples(
    command,
    'hub catalogue list --search 人口',
    'hub catalogue list --items --resource Person --class CONDITIONAL',
    'hub catalogue show Person.name',
    'hub catalogue show 307003/000001',
    'hub catalogue export --format csv --bom --out catalogue.csv',
    'hub catalogue export --format dcat-ap --base https://hub.example/graphql --out catalogue.jsonld',
  );
}

async function listCatalogue(options: ListOptions): Promise<void> {
  const { search, owner, first } = options;
  const { ask } = await endpoint(options);
  if (options.items || options.resource !== undefined || options.class !== undefined) {
    const { items } = await ask(
      `query ($first: Int, $search: String, $owner: String, $resource: String, $class: ItemClass) {
        items(first: $first, search: $search, owner: $owner, resource: $resource, class: $class) {
          edges { node { ${ITEM_FIELDS} } } pageInfo { hasNextPage } } }`,
      { first, search, owner, resource: options.resource, class: options.class },
      z.object({ items: pageOf(item) }),
    );
    printPage(items, options, itemTable);
    return;
  }
  const { resources } = await ask(
    `query ($first: Int, $search: String, $owner: String) { resources(first: $first, search: $search, owner: $owner) {
      edges { node { ${RESOURCE_FIELDS} } } pageInfo { hasNextPage } } }`,
    { first, search, owner },
    z.object({ resources: pageOf(resource) }),
  );
  printPage(resources, options, resourceTable);
}

async function showOne(name: string, options: EndpointOptions): Promise<void> {
  await (name.includes('.') ? showItem(name, options) : showResource(name, options));
}

const access = z.object({
  access: z.string(),
  mask: z.string().nullable(),
  reason: z.string().nullable(),
  grants: z.array(z.string()),
  onlyCounted: z.boolean(),
  until: z.string().nullable(),
  howToApply: z.string().nullable(),
});

async function showItem(coordinate: string, options: EndpointOptions): Promise<void> {
  const { ask } = await endpoint(options);
  const { item: found } = await ask(
    `query ($coordinate: String!) { item(coordinate: $coordinate) { ${ITEM_FIELDS}
      mayISee { access mask reason grants onlyCounted until howToApply } } }`,
    { coordinate },
    z.object({ item: item.extend({ mayISee: access }) }),
  );
  if (options.json) {
    printJson(found);
    return;
  }
  itemTable([found]);
  const { access: kind, mask, reason, grants, until, howToApply } = found.mayISee;
  print(`You may see: ${[kind, mask ?? reason, ...grants, until && `until ${until}`].filter(Boolean).join(' ')}`);
  if (howToApply !== null) print(howToApply);
}

async function showResource(name: string, options: EndpointOptions): Promise<void> {
  const { ask } = await endpoint(options);
  const { resource: found } = await ask(
    `query ($type: String, $code: String) { resource(type: $type, code: $code) { ${RESOURCE_FIELDS}
      items(first: 200) { edges { node { ${ITEM_FIELDS} } } pageInfo { hasNextPage } } } }`,
    name.includes('/') ? { code: name } : { type: name },
    z.object({ resource: resource.extend({ items: pageOf(item) }) }),
  );
  if (!options.json) {
    resourceTable([found]);
    print('');
  }
  printPage(found.items, {}, (items) => {
    if (options.json) printJson({ ...found, items });
    else itemTable(items);
  });
}

async function exportAll({ format, out, bom, all, base, ...options }: ExportOptions): Promise<void> {
  const { ask, url } = await endpoint(options);
  const resources = await allResources(ask);
  let text: string;
  if (format === 'csv') {
    const { catalogueCsv } = await import('./catalogue-csv.ts');
    const types = new Set(resources.map(({ type }) => type));
    const items = (await allItems(ask)).filter(({ type }) => all || types.has(type));
    text = catalogueCsv(items, resources, { bom: bom === true });
  } else {
    const { catalogueDcat } = await import('./catalogue-dcat.ts');
    text = `${JSON.stringify(catalogueDcat(resources, base ?? url, new Date()), null, 2)}\n`;
  }
  if (out === undefined) process.stdout.write(text);
  else await written(out, text);
}

async function written(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (thrown) {
    throw new HubError('NOT_WRITTEN', `--out: cannot be written (${messageOf(thrown)}). Name another file.`);
  }
}

function baseOf(value: string): string {
  if (!/^https?:\/\/[^\s#]+$/.test(value) || !URL.canParse(value))
    throw new InvalidArgumentError('Give an IRI without fragment, such as https://hub.example/graphql.');
  return value;
}

function resourceTable(resources: readonly Resource[]): void {
  printTable(
    ['type', 'code', 'title', 'owner', 'updated', 'shared', 'items', 'since'],
    resources.map(({ type, code, title, owner, updateCycle, coreMetadata, itemCount, since }) => [
      ...[type, plain(code), plain(title), owner, updateCycle],
      ...[coreMetadata.sharingClass ?? undefined, itemCount, since],
    ]),
  );
}

function itemTable(items: readonly Item[]): void {
  printTable(
    ['item', 'owner', 'shared', 'mask', 'uses', 'type', 'since', 'what'],
    items.map((each) => [
      ...[
        each.coordinate,
        each.owner,
        each.class,
        each.mask ?? (plain(each.basis ?? '') || undefined),
        each.uses.join(' '),
      ],
      ...[each.graphqlType, each.since, plain(each.description ?? '').slice(0, 60) || undefined],
    ]),
  );
}

/** In one line, and without what a terminal would obey: other departments wrote it. */
function plain(text: string): string {
  return text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
}
