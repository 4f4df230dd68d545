import { type SharedV4Warning, UnsupportedFunctionalityError } from '@ai-sdk/provider';

/** What of a call of the AI SDK has no place in ours: told, or refused where the call is strict. */
export class Notes {
  readonly warnings: SharedV4Warning[] = [];

  /** Tells that something was left out. @param feature in the AI SDK's words */
  leftOut(feature: string, details: string): void {
    const known = this.warnings.some((one) => one.type === 'unsupported' && one.feature === feature);
    if (!known) this.warnings.push({ type: 'unsupported', feature, details });
  }

  /** @throws UnsupportedFunctionalityError naming all that was left out */
  refuseAll(): void {
    const left = this.warnings.flatMap((one) => (one.type === 'unsupported' ? [one] : []));
    const [first] = left;
    if (first === undefined) return;
    const told = left.map(({ feature, details }) => `  - ${feature}: ${details ?? ''}`).join('\n');
    throw new UnsupportedFunctionalityError({
      functionality: first.feature,
      message: `The call is strict, and this would have been left out of it:\n${told}`,
    });
  }
}
