export * from 'temporal-husky/workflows';
