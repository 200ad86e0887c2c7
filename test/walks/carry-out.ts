import { MINUTE } from '../../functions/core/basics/time.ts';
import { ask, revokeByPerson } from './people/asks.ts';
import { copy, destroy, put, remake, restore, setReplica } from './people/secrets.ts';
import { refusable } from './people/refusable.ts';
import { moveLabel } from './people/labels.ts';
import {
  changeLists,
  changeNames,
  endAccount,
  kill,
  moveGrant,
  moveHost,
  putGateway,
  scope,
} from './people/issuer.ts';
import type { Move } from './moves.ts';
import type { Town } from './town.ts';

/** Does what a move says, waits apart; what is not possible now is left. */
export async function carryOut(town: Town, move: Exclude<Move, { kind: 'wait' }>): Promise<void> {
  if (move.kind === 'fault')
    return void town.plan.push({ index: town.world.line.calls.length + move.after, fault: move.fault });
  if (move.kind === 'host') return moveHost(town, move.to);
  if (move.kind === 'names') return changeNames(town, move.how);
  if (move.kind === 'gateway') return putGateway(town, move.how, move.minutes * MINUTE);
  const house = town.house(move.secret);
  if (!house) return;
  switch (move.kind) {
    case 'ask':
      return ask(town, house, move.what);
    case 'revoke':
      return revokeByPerson(town, house, move.which);
    case 'copy':
      return copy(town, house, move.how);
    case 'delete':
      return destroy(town, house, move.how);
    case 'restore':
      return restore(town, house);
    case 'remake':
      return remake(town, house, move.value);
    case 'label':
      return moveLabel(house, move.how, () => town.issuer.createByHand(house.account ?? house.name));
    case 'put':
      return put(town, house, move.what);
    case 'grant':
      return moveGrant(town, house, move.to);
    case 'kill':
      return kill(town, house, move.which);
    case 'scope':
      return scope(town, house);
    case 'gone':
      return endAccount(town, house);
    case 'replica':
      return setReplica(house, move.status);
    case 'lists':
      return changeLists(town, house, move.how);
    case 'policy':
      return void (await refusable(() => house.world.tag(house.arn, { ...move.tags })));
  }
}
