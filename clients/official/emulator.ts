import { startVercelEmulator, type VercelEmulator } from '../../packages/vercel-emulator/dist/index.js';

/** Any key of this form is taken by the emulator. */
export const API_KEY = 'vck_key_for_the_emulator';
/** Opens every text answer of the emulator. */
export const NOTICE = "This is an emulated answer of Headrace's Vercel emulator; no model was called.";

export { startVercelEmulator, type VercelEmulator };
