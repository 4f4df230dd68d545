import type { Command } from './command.js';
import { complete } from './complete.js';
import { config } from './config.js';
import { emulate } from './emulate.js';
import { explain } from './explain.js';
import { faultLab } from './fault-lab.js';
import { models } from './models.js';
import { newProvider } from './new-provider.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { tour } from './tour.js';

export const COMMANDS: readonly Command[] = [
  complete,
  explain,
  models,
  config,
  emulate,
  record,
  replay,
  faultLab,
  newProvider,
  tour,
];
