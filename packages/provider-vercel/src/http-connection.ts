import type { HttpSessionOptions } from '@headrace/wire';

/** How connections are made, wherever they go. */
export type HttpConnection = Omit<HttpSessionOptions, 'origin'>;
