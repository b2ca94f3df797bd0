/** What drivers and mongosh ask a server about itself. */
import { UUID } from 'bson';

import { type Handler, type Handlers, ok } from './call.ts';

/** MongoDB 7.0, the newest whose commands drivers do not assume more of. */
const WIRE_VERSION = 21;
const VERSION = '7.0.0';
const LARGEST_DOCUMENT = 16 * 1024 * 1024;

const hello: Handler = (_, { host }) =>
  ok({
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    secondary: false,
    // A replica set of one: drivers allow transactions and change streams only there.
    setName: 'embedded',
    setVersion: 1,
    hosts: [host],
    me: host,
    primary: host,
    maxBsonObjectSize: LARGEST_DOCUMENT,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    // Without it drivers would not open sessions.
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  });

const nothing: Handler = () => ok();

export const HANDSHAKE: Handlers = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: nothing,
  logout: nothing,
  refreshSessions: nothing,
  startSession: () => ok({ id: { id: new UUID() }, timeoutMinutes: 30 }),
  endSessions: ({ endSessions }, { sessions }) => {
    sessions.forget(endSessions);
    return ok();
  },
  killSessions: ({ killSessions }, { sessions }) => {
    sessions.forget(killSessions);
    return ok();
  },
  commitTransaction: async (command, { sessions }) => {
    await sessions.commit(command);
    return ok();
  },
  abortTransaction: (command, { sessions }) => {
    sessions.abort(command);
    return ok();
  },
  buildInfo: () =>
    ok({
      version: VERSION,
      versionArray: [7, 0, 0, 0],
      gitVersion: 'embedded',
      modules: ['embedded'],
      bits: 64,
      maxBsonObjectSize: LARGEST_DOCUMENT,
      storageEngines: ['lmdb'],
    }),
  getParameter: () => ok({ featureCompatibilityVersion: { version: '7.0' } }),
  getCmdLineOpts: () => ok({ argv: [], parsed: {} }),
  getLog: () => ok({ totalLinesWritten: 0, log: [] }),
  hostInfo: () => ok({ system: {}, os: {}, extra: {} }),
  connectionStatus: () => ok({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  whatsmyuri: (_, { host }) => ok({ you: host }),
  serverStatus: (_, { host }) =>
    ok({
      host,
      version: VERSION,
      process: 'embedded',
      pid: process.pid,
      uptime: process.uptime(),
      localTime: new Date(),
    }),
};
