import { type ModelSource, systemClock } from '@headrace/core/plugin';
import { ModelCatalogue } from './model-catalogue.js';

/** The shipped facts alone, read at first use: no network, nothing to close. */
export const vercelModels: ModelSource = new ModelCatalogue({ provider: 'vercel', hostModels: [], clock: systemClock });
