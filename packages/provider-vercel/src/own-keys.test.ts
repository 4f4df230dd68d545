import { describe, expect, it } from '@jest/globals';
import { ownKeysOf } from './own-keys.js';

describe('the keys of the caller among the routing options', () => {
  it('are every text of a credential that is a secret', () => {
    const byok = {
      openai: [
        { apiKey: 'key-1' },
        { apiKey: 'key-2', modelMappings: [{ gatewayModelSlug: 'a', customModelId: 'b' }] },
      ],
      vertex: [{ project: 'p', location: 'l', googleCredentials: { privateKey: 'key-3', clientEmail: 'e' } }],
      bedrock: [{ accessKeyId: 'key-4', secretAccessKey: 'key-5', region: 'r' }],
      azure: [{ apiKey: 'key-6', resourceName: 'n' }],
      new: [{ token: 'key-7' }],
    };
    expect(ownKeysOf({ order: ['azure'], byok })).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `key-${number}`));
  });

  it.each([undefined, null, 'x', [], {}, { byok: null }])('are none in %j', (gateway) => {
    expect(ownKeysOf(gateway)).toEqual([]);
  });
});
