import { describe, expect, it } from '@jest/globals';
import * as parts from './undici-parts.js';

describe('the parts of undici', () => {
  // First: the whole of undici, once loaded, would do it for them.
  it('open tunnels and make requests without the rest of it', async () => {
    const pool = new parts.Pool('http://127.0.0.1:1');
    expect([typeof pool.connect, typeof pool.request]).toEqual(['function', 'function']);
    await pool.close();
  });

  it('are those of undici itself', async () => {
    const undici = await import('undici');
    expect(parts.Pool).toBe(undici.Pool);
    expect(parts.ProxyAgent).toBe(undici.ProxyAgent);
    expect(parts.buildConnector).toBe(undici.buildConnector);
    expect(parts.parseHeaders).toBe(undici.util.parseHeaders);
  });
});
