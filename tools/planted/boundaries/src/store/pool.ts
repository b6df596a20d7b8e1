import { request } from 'undici';

export const openPool = (): unknown => request;
