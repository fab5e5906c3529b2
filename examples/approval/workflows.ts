// The SDK bundles workflow code from this module, so Husky's workflows have to pass through it.
export * from 'temporal-husky/workflows';
