// Preloaded into every test process: what tries to reach anything but loopback is refused, and fails its file.
import process from 'node:process';
import { installNetworkBan } from '../../scripts/network-ban.mjs';

const { attempts } = installNetworkBan();

process.on('exit', () => {
  if (attempts.length === 0) return;
  process.stderr.write(`a client tried to reach ${attempts.join(', ')}: loopback only\n`);
  process.exitCode = 1;
});
