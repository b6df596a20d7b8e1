export const   append = ( ) => [ "double quotes" ]
