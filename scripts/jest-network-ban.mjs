// Tests reach loopback only. A connection to anywhere else is refused, and the test that tried it fails, even if the
// code under test swallowed the error. Jest loads this file once for every test file.
import { afterAll, afterEach } from '@jest/globals';
import { installNetworkBan } from './network-ban.mjs';

const state = installNetworkBan();

function failOnAttempts() {
  const attempts = state.attempts.splice(0);
  if (attempts.length > 0) throw new Error(`the code under test tried to reach ${attempts.join(', ')}: loopback only`);
}

afterEach(failOnAttempts);
afterAll(failOnAttempts);
