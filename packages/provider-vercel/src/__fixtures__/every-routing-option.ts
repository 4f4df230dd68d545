import type { GatewayRouting } from '../gateway-routing.js';

/** Every routing option of the contract, with a value that it takes. */
export const EVERY_ROUTING_OPTION: Required<GatewayRouting> = {
  order: ['azure', 'openai'],
  only: ['azure', 'openai'],
  sort: 'ttft',
  models: ['anthropic/claude-sonnet-5'],
  byok: {
    azure: [{ apiKey: 'k', resourceName: 'r' }],
    vertex: [{ project: 'p', location: 'l', googleCredentials: { privateKey: 'k', clientEmail: 'e' } }],
    bedrock: [{ accessKeyId: 'a', secretAccessKey: 's', region: 'r' }],
    openai: [{ apiKey: 'k', modelMappings: [{ gatewayModelSlug: 'openai/gpt-5', customModelId: 'mine' }] }],
    fal: [{ apiKey: 'k', anything: { else: [1] } }],
  },
  caching: 'auto',
  zeroDataRetention: true,
  disallowPromptTraining: true,
  user: 'u'.repeat(256),
  tags: Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(64, 't')),
  quotaEntityId: 'team',
  has: ['implicit-caching', 'vision', 'quantization:fp8'],
  providerTimeouts: { byok: { openai: 1_000, azure: 789_000 } },
  serviceTier: 'flex',
  speed: 'fast',
  allowFallbackFromFast: false,
  inferenceRegion: { scope: 'zone', geoRegion: 'eu', providers: { vertex: 'europe-west4' } },
};
