/** Imports run one way: scripts -> gateway | subgraphs | web -> sharing -> schema -> lib -> embedded-mongo. */
const layer = (name, from, ...banned) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: banned.map((folder) => `^${folder}/`) },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    // geojson is a package of types only.
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^geojson$' } },
    layer(
      'embedded-mongo-stands-alone',
      '^embedded-mongo/',
      'lib',
      'schema',
      'sharing',
      'gateway',
      'subgraphs',
      'web',
      'scripts',
      'test',
    ),
    layer('lib-is-the-ground', '^lib/', 'schema', 'sharing', 'gateway', 'subgraphs', 'web', 'scripts', 'test'),
    layer('schema-knows-only-lib', '^schema/', 'sharing', 'gateway', 'subgraphs', 'web', 'scripts', 'test'),
    layer('sharing-knows-schema-and-lib', '^sharing/', 'gateway', 'subgraphs', 'web', 'scripts', 'test'),
    layer('gateway-never-imports-subgraphs', '^gateway/', 'subgraphs', 'web', 'scripts', 'test'),
    layer('pages-know-only-the-endpoint', '^web/', 'gateway', 'subgraphs', 'scripts', 'test'),
    layer('subgraphs-never-import-the-gateway', '^subgraphs/', 'gateway', 'web', 'scripts', 'test'),
    {
      name: 'subgraphs-never-import-each-other',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^subgraphs/([^/]+)/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'only-exchange-opens-the-sharing-store',
      severity: 'error',
      from: { path: '^subgraphs/', pathNot: '^subgraphs/exchange/' },
      to: { path: '^sharing/store/' },
    },
    {
      name: 'pages-never-open-a-store',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(sharing/store/|lib/mongo/)' },
    },
    {
      name: 'only-the-connection-helper-knows-the-embedded-store',
      severity: 'error',
      from: { path: '^(lib|schema|sharing|gateway|subgraphs|web|scripts)/', pathNot: '^lib/mongo/' },
      to: { path: '^embedded-mongo/' },
    },
    {
      name: 'schema-policy-and-disclosure-are-pure',
      severity: 'error',
      from: { path: '^(schema|sharing/policy|sharing/disclosure)/' },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|worker_threads|process)$' },
    },
    {
      name: 'nothing-imports-scripts',
      severity: 'error',
      from: { pathNot: '^(scripts|test|bench)/' },
      to: { path: '^scripts/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
