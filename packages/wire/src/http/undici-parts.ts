// What this package uses of undici, without the rest: of a process's way to its first answer, the rest of it (`fetch`, web
// sockets, caches, mocks) was a third. See docs/decisions/0029.
import type * as undici from 'undici';
import api from 'undici/lib/api/index.js';
import connect from 'undici/lib/core/connect.js';
import util from 'undici/lib/core/util.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import PoolModule from 'undici/lib/dispatcher/pool.js';
import ProxyAgentModule from 'undici/lib/dispatcher/proxy-agent.js';

// As the whole of undici does when it is loaded: `connect` among them is what a tunnel is opened by.
Object.assign(Dispatcher.prototype, api);

// With types of undici's own: nobody else can look up those of its modules.
export const Pool: typeof undici.Pool = PoolModule;
export const ProxyAgent: typeof undici.ProxyAgent = ProxyAgentModule;
export const buildConnector: typeof undici.buildConnector = connect;
export const parseHeaders: typeof undici.util.parseHeaders = util.parseHeaders;
