import { inspect } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import type { Receipt } from '../pipeline/receipt.js';
import { QuotaExhaustedError } from './access-errors.js';
import { ConfigurationError, InvalidRequestError } from './caller-errors.js';
import { GatewayDisposedError } from './cancel-errors.js';
import { TimeoutError } from './clock-errors.js';
import { FAILURE_CLASSES, type FailureClass, RETRYABLE_CLASSES } from './failure-class.js';
import { GatewayError } from './gateway-error.js';
import { OutputInvalidError, RateLimitedError, StreamInterruptedError } from './upstream-errors.js';

const receipt: Receipt = {
  id: 'call_1',
  reference: 'p1:m1',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  outcome: 'failed',
  complete: false,
  attempts: [],
  warnings: [{ code: 'w', message: 'a-word-of-the-receipt' }],
};

class AnyError extends GatewayError {
  readonly code = 'any';
  constructor(readonly failureClass: FailureClass) {
    super('Any.');
  }
}

describe('GatewayError', () => {
  it('is an Error with the name of its class, a stack and its cause', () => {
    const cause = new Error('inner');
    const error = new RateLimitedError('Slow down.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('RateLimitedError');
    expect(error.stack).toContain('gateway-error.test');
    expect(error.cause).toBe(cause);
  });

  it('has no cause when none was given', () => {
    expect('cause' in new RateLimitedError('Slow down.')).toBe(false);
  });

  it('is recognised when another copy of the package made it', async () => {
    let foreign: unknown;
    await jest.isolateModulesAsync(async () => {
      const copy = await import('./upstream-errors.js');
      foreign = new copy.RateLimitedError('From elsewhere.');
    });
    expect(foreign).not.toBeInstanceOf(GatewayError);
    expect(GatewayError.is(foreign)).toBe(true);
  });

  it('does not take anything else for one of its own', () => {
    const others = [
      new Error('x'),
      new TypeError('x'),
      { code: 'rate-limited' },
      'text',
      null,
      undefined,
      42,
      () => {},
    ];
    for (const other of others) expect(GatewayError.is(other)).toBe(false);
  });

  it.each(FAILURE_CLASSES)('knows whether the class %s can be retried', (failureClass) => {
    expect(new AnyError(failureClass).isRetryable).toBe(RETRYABLE_CLASSES.has(failureClass));
  });

  it('is not retryable for spent money, wrong input or a cancel', () => {
    expect(new QuotaExhaustedError('Spent.').isRetryable).toBe(false);
    expect(new InvalidRequestError([{ field: 'f', message: 'm' }]).isRetryable).toBe(false);
    expect(new GatewayDisposedError('Gone.').isRetryable).toBe(false);
  });

  it('is not retryable any more once part of the answer was delivered', () => {
    const error = new StreamInterruptedError('Cut.');
    expect(error.isRetryable).toBe(true);
    error.delivered = true;
    expect(error.isRetryable).toBe(false);
  });

  it('carries a receipt that can be read but is not printed', () => {
    const error = new RateLimitedError('Slow down.');
    expect(error.receipt).toBeUndefined();
    error.receipt = receipt;
    expect(error.receipt).toBe(receipt);
    expect(Object.keys(error)).not.toContain('receipt');
    expect(inspect(error)).not.toContain('a-word-of-the-receipt');
    expect(JSON.stringify(error)).not.toContain('a-word-of-the-receipt');
  });
});

describe('the errors of wrong input', () => {
  it('put one issue on the line and several below each other, with what to do', () => {
    expect(new InvalidRequestError([{ field: 'topP', message: 'is 2.', remedy: 'Take 1.' }]).message).toBe(
      'The request is not valid: topP: is 2. Take 1.',
    );
    const issues = [
      { field: 'a', message: 'is wrong.' },
      { field: 'b', message: 'too.' },
    ];
    expect(new ConfigurationError('createGateway', issues).message).toBe(
      'The options of createGateway are not valid:\n  - a: is wrong.\n  - b: too.',
    );
  });

  it('keep their issues', () => {
    const issues = [{ field: 'a', message: 'is wrong.' }];
    expect(new InvalidRequestError(issues).issues).toBe(issues);
  });
});

describe('TimeoutError', () => {
  it.each(['connect', 'headers', 'first-content', 'idle', 'total', 'throughput', 'deadline'] as const)(
    'has a code of its own for the %s clock',
    (clock) => {
      const error = new TimeoutError(clock, 10, 'Too long.');
      expect(error).toMatchObject({ code: `${clock}-timeout`, clock, limitMs: 10, failureClass: 'silence' });
    },
  );
});

describe('OutputInvalidError', () => {
  it('has the answer at hand and does not print it', () => {
    const error = new OutputInvalidError('No JSON.', 'a private answer');
    expect(error.text).toBe('a private answer');
    expect(inspect(error)).not.toContain('a private answer');
    expect(JSON.stringify(error)).not.toContain('a private answer');
  });
});
