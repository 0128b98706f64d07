import { askKeeper } from './ask-keeper.js';
import { LabFolder, labNames } from './folder.js';
import type { LabPlan } from './plan.js';
import type { LabState } from './requests.js';

/** A lab as it stands among others. */
export interface ListedLab {
  readonly name: string;
  /** Undefined where it was killed before that was written down. */
  readonly plan: LabPlan | undefined;
  /** Undefined where nobody keeps it any more. */
  readonly state: LabState | undefined;
}

/** A keeper that is busy is told from one that is gone. */
const ANSWERS_IN_MS = 2000;

/** The labs of this machine, also those of which only a part is there. */
export function listLabs(): Promise<readonly ListedLab[]> {
  return Promise.all(labNames().map(async (name) => {
    const folder = new LabFolder(name);
    return { name, plan: folder.read(), state: await askKeeper(folder, { do: 'tell' }, ANSWERS_IN_MS).catch(() => undefined) };
  }));
}
