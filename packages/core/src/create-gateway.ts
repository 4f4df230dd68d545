import type { ReloadableGateway } from './gateway/gateway.js';
import { GatewayHandle } from './gateway/gateway-handle.js';
import type { GatewayOptions } from './gateway/gateway-options.js';
import { GatewayServices } from './gateway/gateway-services.js';

/**
 * A gateway over the given providers. Costs no network: the first call opens the first connection.
 * Dispose it when done (`await using` does): until then its connections are kept for the next call.
 * @throws ConfigurationError, DuplicateProviderError when the options are wrong
 */
export const createGateway = (options: GatewayOptions): ReloadableGateway => {
  const services = new GatewayServices(options);
  return new GatewayHandle(services, services.serve(options));
};
