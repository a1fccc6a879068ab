"""What makes something of this project, and is no part of it: figures, pictures, tables, a page of docs."""
