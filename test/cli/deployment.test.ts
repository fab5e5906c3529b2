import { deploymentOf } from '../../src/cli/options/deployment';

test.each([
  ['husky', '1.2.3'],
  ['team/husky', 'v1:abc'],
])('deployment %s, version %s', (deployment, deploymentVersion) => {
  expect(deploymentOf({ deployment, deploymentVersion }, {})).toEqual({
    name: deployment,
    version: deploymentVersion,
  });
});

test('the Worker Controller names both in the environment', () => {
  const env = { TEMPORAL_DEPLOYMENT_NAME: 'husky', TEMPORAL_WORKER_BUILD_ID: '7\n' };
  expect(deploymentOf({}, env)).toEqual({ name: 'husky', version: '7' });
  expect(deploymentOf({}, {})).toBeUndefined();
});

test.each([
  ['my.app', '1', /name my\.app is not accepted: it must not contain \./],
  ['my:app', '1', /it must not contain :/],
  ['__temporal', '1', /it must not begin with __/],
  ['app', '__unversioned__', /version __unversioned__ is not accepted/],
  ['x'.repeat(1001), '1', /it has 1001 characters; 1000 are the limit/],
  ['app', ' ', /The deployment app has no version: add --deployment-version/],
  ['', '1', /The version 1 belongs to no deployment/],
])('what the server would refuse with each poll is refused before: %.20s, %s', (deployment, version, message) => {
  expect(() => deploymentOf({ deployment, deploymentVersion: version }, {})).toThrow(message);
});
