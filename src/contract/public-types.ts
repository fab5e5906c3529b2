/** Types that clients and workflows both meet, and that both doors export. */
export type { BatchOutcome, CallFailure } from './batch';
export type {
  Approval,
  ApprovalNotice,
  AnswerInput,
  ApproveInput,
  ByPerson,
  Decided,
  EditInput,
  HintInput,
  OfApproval,
  PauseInput,
  ProposedStep,
  RefuseInput,
  Waiting,
  WaitingApproval,
} from './people';
export type { Limits, SolutionWishes } from './profile';
export type {
  Decision,
  SampleProgress,
  Solution,
  SolutionProgress,
  Step,
  StepFailure,
  StopReason,
  Usage,
  Votes,
} from '../trajectory/step';
