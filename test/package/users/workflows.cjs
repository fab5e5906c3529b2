module.exports = require('temporal-husky/workflows');
