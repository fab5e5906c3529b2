/** Workflows module of a user whose workflow has a name of its own. */
export { huskySolve as answerMine } from '../../src/workflows';
