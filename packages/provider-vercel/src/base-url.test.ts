import { describe, expect, it } from '@jest/globals';
import { readBaseUrl } from './base-url.js';

describe('readBaseUrl', () => {
  it.each([
    ['https://ai-gateway.vercel.sh', { origin: 'https://ai-gateway.vercel.sh', prefix: '' }],
    ['https://ai-gateway.vercel.sh/', { origin: 'https://ai-gateway.vercel.sh', prefix: '' }],
    ['https://ai-gateway.vercel.sh/v1', { origin: 'https://ai-gateway.vercel.sh', prefix: '' }],
    ['https://ai-gateway.vercel.sh/v1//', { origin: 'https://ai-gateway.vercel.sh', prefix: '' }],
    ['https://proxy.example:8443/llm/v1/', { origin: 'https://proxy.example:8443', prefix: '/llm' }],
    ['http://localhost:4000', { origin: 'http://localhost:4000', prefix: '' }],
    ['http://gateway.localhost:4000', { origin: 'http://gateway.localhost:4000', prefix: '' }],
    ['http://127.0.0.1:4000/v1', { origin: 'http://127.0.0.1:4000', prefix: '' }],
    ['http://[::1]:4000', { origin: 'http://[::1]:4000', prefix: '' }],
  ])('takes %s', (text, expected) => {
    expect(readBaseUrl(text)).toEqual(expected);
  });

  it.each([
    ['ai-gateway.vercel.sh', /not a URL/],
    ['ftp://ai-gateway.vercel.sh', /https:\/\//],
    ['http://ai-gateway.vercel.sh', /key would travel in clear/],
    ['http://127.0.0.1.evil.example', /key would travel in clear/],
    ['http://evillocalhost', /key would travel in clear/],
    ['http://localhost.evil.example', /key would travel in clear/],
    ['https://user:pass@host.example', /user name or password/],
    ['https://host.example/?a=1', /query/],
    ['https://ai-gateway.vercel.sh/v4/ai', /native AI SDK protocol/],
    ['https://ai-gateway.vercel.sh/v1/ai/', /native AI SDK protocol/],
    ['https://ai-gateway.vercel.sh/v1/chat/completions', /one endpoint/],
    ['https://ai-gateway.vercel.sh/codex/v1', /preset/],
  ])('refuses %s and says why', (text, reason) => {
    expect(readBaseUrl(text)).toMatchObject({
      message: expect.stringMatching(reason),
      remedy: expect.any(String),
    });
  });
});
