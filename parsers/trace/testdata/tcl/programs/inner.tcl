set a 1
charge w-3 1
