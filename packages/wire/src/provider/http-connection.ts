import type { HttpSessionOptions } from '../http/http-session.js';

/** How connections are made, wherever they go. */
export type HttpConnection = Omit<HttpSessionOptions, 'origin'>;
