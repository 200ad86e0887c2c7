import { MINUTE } from '../../functions/core/basics/time.ts';
import { ask, revokeByPerson } from './people/asks.ts';
import { copy, destroy, put, remake, restore, setReplica } from './people/secrets.ts';
import { refusable } from './people/refusable.ts';
import { moveLabel } from './people/labels.ts';
import {
  changeLists,
  changeNames,
  endAccount,
  ending,
  moveGrant,
  moveHost,
  putGateway,
  scope,
} from './people/issuer.ts';
import type { Move } from './moves.ts';
import type { Fleet } from './fleet.ts';

/** Does what a move says, waits apart; what is not possible now is left. */
export async function carryOut(fleet: Fleet, move: Exclude<Move, { kind: 'wait' }>): Promise<void> {
  if (move.kind === 'fault')
    return void fleet.plan.push({ index: fleet.world.line.calls.length + move.after, fault: move.fault });
  if (move.kind === 'host') return moveHost(fleet, move.to);
  if (move.kind === 'names') return changeNames(fleet, move.how);
  if (move.kind === 'gateway') return putGateway(fleet, move.how, move.minutes * MINUTE);
  const managed = fleet.managed(move.secret);
  if (!managed) return;
  switch (move.kind) {
    case 'ask':
      return ask(fleet, managed, move.what);
    case 'revoke':
      return revokeByPerson(fleet, managed, move.which);
    case 'copy':
      return copy(fleet, managed, move.how);
    case 'delete':
      return destroy(fleet, managed, move.how);
    case 'restore':
      return restore(fleet, managed);
    case 'remake':
      return remake(fleet, managed, move.value);
    case 'label':
      return moveLabel(managed, move.how, () => fleet.issuer.createByHand(managed.account ?? managed.name));
    case 'put':
      return put(fleet, managed, move.what);
    case 'grant':
      return moveGrant(fleet, managed, move.to);
    case 'revoke-by-hand':
      return ending(fleet, managed, move.which);
    case 'scope':
      return scope(fleet, managed);
    case 'gone':
      return endAccount(fleet, managed);
    case 'replica':
      return setReplica(managed, move.status);
    case 'lists':
      return changeLists(fleet, managed, move.how);
    case 'policy':
      return void (await refusable(() => managed.world.tag(managed.arn, { ...move.tags })));
  }
}
