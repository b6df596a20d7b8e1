import { used } from '../src/log/append.ts';
import { undeclared } from 'undeclared';

used(undeclared);
