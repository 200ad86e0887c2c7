import * as z from 'zod';
import { AlarmNotice } from '../core/alarm.ts';
import { Notice } from '../core/notices.ts';

/** What comes over the topic for alerts: alerts and alarms share it. */
export const Told = z.union([Notice, AlarmNotice]);
