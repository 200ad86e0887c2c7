import { parentPort, workerData } from 'node:worker_threads';
import { liveShard, type ShardPlan } from './shard.ts';

parentPort?.postMessage(await liveShard(workerData as ShardPlan));
