import type { Effects } from '../../../changes/effects/draft.js';
import type { Target } from '../../../objects/target.js';
import { safe } from '../../../text/safe.js';
import { bounded, effectsText } from './effects.js';

/** What --prune is about to delete, and what else goes or breaks with that, for somebody who decides. */
export function pruneText(going: readonly Target[], effects: readonly Effects[]): readonly string[] {
  const heading = going.length === 1 ? '--prune deletes a resource that no file has:' : `--prune deletes ${going.length} resources that no file has:`;
  return [heading, ...bounded(going.map(({ identity }) => safe(identity)), '  '), ...effectsText(effects)];
}
