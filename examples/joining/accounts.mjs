/**
 * @typedef {object} Account
 * @property {string} number
 * @property {string} division
 * @property {string} holder
 * @property {string} phone
 * @property {number} balanceFen
 * @property {'ACTIVE' | 'SUSPENDED'} state
 */

/**
 * What the service kept before it joined: twelve accounts in 楚雄市 (532301) and three in 禄丰市 (532302).
 * @type {readonly Account[]}
 */
export const accounts = Array.from({ length: 15 }, (_, index) => ({
  number: `GJJ${String(index + 1).padStart(6, '0')}`,
  division: index < 12 ? '532301101001' : '532302100001',
  holder: ['张三', '李四', '王五'][index % 3] ?? '',
  phone: `1900000${String(index).padStart(4, '0')}`,
  balanceFen: (index + 1) * 1_000_000,
  state: index % 5 === 4 ? 'SUSPENDED' : 'ACTIVE',
}));
