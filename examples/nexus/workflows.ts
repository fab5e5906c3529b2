import { createNexusServiceClient } from '@temporalio/workflow';
import { huskyService } from 'temporal-husky/workflows';

export * from 'temporal-husky/workflows';

export async function askOverNexus(question: string): Promise<string> {
  const husky = createNexusServiceClient({ endpoint: 'husky', service: huskyService });
  const { answer } = await husky.executeOperation('solve', { question }, { scheduleToCloseTimeout: '5 minutes' });
  return answer;
}
