import type { Command } from './command.js';
import { complete } from './complete.js';
import { emulate } from './emulate.js';
import { models } from './models.js';
import { tour } from './tour.js';

export const COMMANDS: readonly Command[] = [complete, models, emulate, tour];
