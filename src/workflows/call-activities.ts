/** How workflow code calls this package's activities: by their own names; the server knows them by their registered ones. */
import {
  proxyActivities,
  proxyLocalActivities,
  type ActivityInterfaceFor,
  type ActivityOptions,
  type LocalActivityInterfaceFor,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import { registeredName } from '../contract/registered-name';

export function huskyActivities<Activities>(options: ActivityOptions): ActivityInterfaceFor<Activities> {
  return byOwnName(proxyActivities(options)) as ActivityInterfaceFor<Activities>;
}

export function huskyLocalActivities<Activities>(options: LocalActivityOptions): LocalActivityInterfaceFor<Activities> {
  return byOwnName(proxyLocalActivities(options)) as LocalActivityInterfaceFor<Activities>;
}

function byOwnName(activities: object): unknown {
  return new Proxy(activities, {
    get: (target, name) => (typeof name === 'string' ? Reflect.get(target, registeredName(name)) : undefined),
  });
}
