import { loadGateway } from '@headrace/config';
import type { Connection, ConnectOptions } from './connect.js';

/** The gateway of a file of configuration. @throws ConfigFileError, PluginFailedError */
export const connectConfig = async (file: string, { env }: Pick<ConnectOptions, 'env'>): Promise<Connection> => {
  const gateway = await loadGateway(file, { env });
  return { gateway, close: () => gateway.dispose() };
};
