import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { aModel } from './__fixtures__/fake-gateway.js';
import { sampleModels } from './tour-models.js';
import { tourUpstream } from './tour-upstream.js';

const SECRET = canaryKey();

describe('the upstream of the tour', () => {
  it.each<[Record<string, string>, boolean, boolean, string]>([
    [
      {},
      false,
      true,
      'Talking to the built-in emulator of Vercel AI Gateway: no key found. Set AI_GATEWAY_API_KEY to talk to the real one.',
    ],
    [
      { AI_GATEWAY_API_KEY: ' ' },
      false,
      true,
      'Talking to the built-in emulator of Vercel AI Gateway: no key found. Set AI_GATEWAY_API_KEY to talk to the real one.',
    ],
    [
      { AI_GATEWAY_API_KEY: SECRET },
      false,
      false,
      'Talking to the real Vercel AI Gateway with the key in AI_GATEWAY_API_KEY; costs a fraction of a cent.',
    ],
    [
      { VERCEL_OIDC_TOKEN: SECRET },
      false,
      false,
      'Talking to the real Vercel AI Gateway with the OIDC token in VERCEL_OIDC_TOKEN; costs a fraction of a cent.',
    ],
    [
      { AI_GATEWAY_API_KEY: SECRET, AI_GATEWAY_BASE_URL: 'http://127.0.0.1:9/v1?x=y' },
      false,
      false,
      'Talking to the gateway at http://127.0.0.1:9 (AI_GATEWAY_BASE_URL) with the key in AI_GATEWAY_API_KEY; costs a fraction of a cent.',
    ],
    [
      { AI_GATEWAY_API_KEY: SECRET },
      true,
      true,
      'Talking to the built-in emulator of Vercel AI Gateway: as asked for.',
    ],
  ])('for %j (emulator asked for: %p)', (env, asked, emulator, announcement) => {
    expect(tourUpstream(env, asked)).toEqual({ emulator, announcement });
    expect(announcement).not.toContain(SECRET);
  });
});

describe('the models of the tour', () => {
  it('are the newest priced language model of makers that readers know', () => {
    const models = [
      aModel({ id: 'zeta/one', creator: 'zeta' }),
      aModel({ id: 'openai/old', releaseDate: '2024-01-01' }),
      aModel({ id: 'openai/new', releaseDate: '2026-11-01' }),
      aModel({ id: 'openai/free-of-price', releaseDate: '2026-11-20', pricing: {} }),
      aModel({ id: 'openai/early', releaseDate: '2026-11-21', status: 'beta' }),
      aModel({ id: 'google/embed', creator: 'google', type: 'embedding' }),
      aModel({ id: 'anthropic/a', creator: 'anthropic' }),
    ];
    expect(sampleModels(models, 3).map(({ id }) => id)).toEqual(['openai/new', 'anthropic/a', 'zeta/one']);
    expect(sampleModels(models, 1)).toHaveLength(1);
    expect(sampleModels([], 3)).toEqual([]);
  });
});
