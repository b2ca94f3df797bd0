// Run once by mongosh (job `store-init`, again without harm): begins the replica set, then makes one database user for each
// department's subgraph and one for the hub. A user is the subject of a certificate (MONGODB-X509): no password exists.

const MEMBERS = ['mongo1', 'mongo2', 'mongo3'];
/** Database by user: the subgraph exchange reads the hub's own database, as the hub. */
const USERS = ['hub', 'population', 'legal-persons', 'geospatial', 'statistics', 'archives'];
const TLS = 'tls=true&tlsCAFile=/run/secrets/ca.crt&tlsCertificateKeyFile=/run/secrets/client.pem';
const NOT_AUTHORISED = 13;
const USER_EXISTS = 51003;

function subject(name) {
  return `CN=${name},OU=client,O=shuniu`;
}

function until(condition, what) {
  for (let attempt = 0; attempt < 120; attempt++) {
    if (condition()) return;
    sleep(500);
  }
  throw new Error(`${what}: not within a minute`);
}

/** Makes a user; one that is there stays. */
function make(external, name, roles) {
  try {
    external.createUser({ user: subject(name), roles });
    print(`made the database user ${name}`);
  } catch (thrown) {
    if (thrown.code !== USER_EXISTS) throw thrown;
  }
}

// This job shares the network of mongo1, so that 127.0.0.1 is mongo1: until the first user exists, MongoDB lets a connection
// of its own host begin the set and make that user.
const first = new Mongo(`mongodb://127.0.0.1:27017/?directConnection=true&${TLS}`);
const local = first.getDB('admin');
if (!local.hello().setName) {
  // mongo1 is preferred, as the first user can only be made there.
  const members = MEMBERS.map((host, _id) => ({ _id, host: `${host}:27017`, priority: host === 'mongo1' ? 2 : 1 }));
  const begun = local.adminCommand({ replSetInitiate: { _id: 'rs0', members } });
  if (begun.ok !== 1) throw new Error(`the replica set could not be begun: ${begun.errmsg}`);
  print('began the replica set rs0');
}
until(() => local.hello().isWritablePrimary, 'mongo1 becomes the primary');

try {
  // May make users and watch the set. It reads no department's data, unless it gives itself the right: keep its key away.
  make(first.getDB('$external'), 'admin', [
    { role: 'userAdminAnyDatabase', db: 'admin' },
    { role: 'clusterManager', db: 'admin' },
  ]);
} catch (thrown) {
  // Users exist already: from then on this host has no rights of its own either.
  if (thrown.code !== NOT_AUTHORISED) throw thrown;
}

const hosts = MEMBERS.map((host) => `${host}:27017`).join(',');
const admin = new Mongo(
  `mongodb://${hosts}/?replicaSet=rs0&${TLS}&authMechanism=MONGODB-X509&authSource=%24external`,
);
for (const name of USERS) make(admin.getDB('$external'), name, [{ role: 'readWrite', db: name }]);
print('the store is ready');
