<!DOCTYPE html>
<html><title>404 Not Found</title></html>
